-- A small board of our own, as mysqldump writes it; with what boards have picked up in twenty years.
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `old_config` (`config_name` varchar(255) NOT NULL, `config_value` varchar(255) NOT NULL, `is_dynamic` tinyint(1) NOT NULL);
INSERT INTO `old_config` VALUES ('server_name','old.example',0),('script_path','/board',0),('version','3.3.15',0);
INSERT INTO old_forums (forum_id, parent_id, left_id, forum_name, forum_desc, forum_type, forum_status, forum_password) VALUES
(1,0,1,'Town &amp; Country','',0,0,''),(2,1,2,'Bridges','About [b]bridges[/b] &amp; fords.',1,0,''),
(3,2,3,'Fords','<t>Wet feet</t>',1,1,''),(4,1,6,'Elsewhere','',2,0,''),(5,0,8,'Staff','',1,0,''),(6,5,9,'Below staff','',1,0,''),
(7,0,10,'Locked away','',1,0,'$H$secret');
INSERT INTO `old_acl_options` (`auth_option_id`,`auth_option`) VALUES (20,'f_read'),(21,'f_list');
INSERT INTO `old_groups` (`group_id`,`group_name`) VALUES (1,'GUESTS'),(2,'REGISTERED'),(5,'ADMINISTRATORS');
INSERT INTO `old_acl_roles_data` (`role_id`,`auth_option_id`,`auth_setting`) VALUES (17,20,1),(17,21,1),(16,20,0);
INSERT INTO `old_acl_groups` (`group_id`,`forum_id`,`auth_option_id`,`auth_role_id`,`auth_setting`) VALUES
(1,2,0,17,0),(1,3,20,0,1),(1,5,0,16,0),(2,5,0,17,0),(5,5,0,17,0),(1,6,0,17,0),(1,7,0,17,0);
INSERT INTO `old_users` (`user_id`,`user_type`,`username`,`user_email`,`user_regdate`,`user_password`,`user_sig`) VALUES
(1,2,'Anonymous','',1000000000,'',''),(2,3,'admin','boss@old.example',1000000000,'$argon2id$x','Regards'),
(3,0,'O\'Brien &lt;b&gt;','obrien@old.example',1000000001,'x',''),(4,0,'Bea','bea@old.example',1000000002,'x',''),
(5,1,'Sleeper','not a mail',1000000003,'x',''),(6,2,'Google [Bot]','',1000000004,'','');
INSERT INTO `old_banlist` (`ban_id`,`ban_userid`,`ban_start`,`ban_end`,`ban_exclude`,`ban_reason`,`ban_give_reason`) VALUES
(1,5,1100000000,0,0,'internal','Spam'),(2,3,1100000000,1100000001,0,'over',''),(3,4,1100000000,0,1,'excluded','');
INSERT INTO `old_topics` (`topic_id`,`forum_id`,`topic_title`,`topic_time`,`topic_views`,`topic_status`,`topic_type`,`topic_moved_id`,`poll_title`,`poll_start`,`poll_length`,`poll_max_options`,`poll_vote_change`) VALUES
(1,2,'The &quot;old&quot; bridge &amp;lt;',1100000000,77,1,1,0,'Keep it?',1100000000,0,1,1),
(2,3,'The &quot;old&quot; bridge',1100000000,0,2,0,1,'',0,0,1,0),(3,3,'Moved twice',1100000000,0,2,0,2,'',0,0,1,0),
(4,2,'Waits as a whole',1100002000,0,0,0,0,'',0,0,1,0),(5,5,'Who is banned next',1100003000,0,0,0,0,'',0,0,1,0),
(6,2,'The oldest storage',1100004000,3,0,0,0,'',0,0,1,0);
INSERT INTO `old_posts` (`post_id`,`topic_id`,`forum_id`,`poster_id`,`poster_ip`,`post_time`,`post_username`,`post_subject`,`post_text`,`bbcode_uid`,`post_edit_time`,`post_edit_count`,`post_visibility`,`post_delete_time`,`post_delete_reason`,`post_delete_user`) VALUES
(10,1,2,3,'192.0.2.7',1100000000,'','The &quot;old&quot; bridge &amp;lt;','<r>See <URL url="http://old.example/board/viewtopic.php?f=2&amp;t=6"><LINK_TEXT text="viewtopic.php?f=2&amp;t=6">http://old.example/board/viewtopic.php?f=2&amp;t=6</LINK_TEXT></URL>, <URL url="./viewtopic.php?p=61#p61"><s>[url=./viewtopic.php?p=61#p61]</s>that<e>[/url]</e></URL>, <URL url="http://www.old.example/board/viewforum.php?f=3"><s>[url]</s>fords<e>[/url]</e></URL> and <URL url="http://old.example/board/memberlist.php?mode=viewprofile&amp;u=4"><s>[url=x]</s>Bea<e>[/url]</e></URL>.<br/>
Gone: <URL url="http://old.example/board/viewtopic.php?t=999">http://old.example/board/viewtopic.php?t=999</URL><br/>
<B><s>[b]</s>Bold<e>[/b]</e></B> *not bold* &lt;script&gt;alert(1)&lt;/script&gt;<br/>
# no heading<br/>
1. no list<br/>
<URL url="javascript:alert(1)"><s>[url=javascript:alert(1)]</s>click<e>[/url]</e></URL></r>','',1100000900,3,1,0,'',0),
(11,1,2,4,'192.0.2.8',1100000100,'','Re: The &quot;old&quot; bridge &amp;lt;','<r><QUOTE author="O''Brien &lt;b&gt;" post_id="10" time="1100000000" user_id="3"><s>[quote="O''Brien &lt;b&gt;" post_id=10 time=1100000000 user_id=3]</s>no list<e>[/quote]</e></QUOTE>

Yes. <ATTACHMENT filename="plan.png" index="1"><s>[attachment=1]</s>plan.png<e>[/attachment]</e></ATTACHMENT></r>','',0,0,1,0,'',0),
(12,1,2,1,'192.0.2.9',1100000200,'Passer-by','Re: The &quot;old&quot; bridge','<r><QUOTE author="Bea" post_id="11"><s>[quote="Bea" post_id=11]</s>Yes.<e>[/quote]</e></QUOTE>Off topic</r>','',0,0,2,1100000300,'Rude &amp; long',2),
(13,1,2,4,'192.0.2.9',1100000300,'','','<t>I take it back</t>','',0,0,2,1100000400,'',4),
(14,1,2,3,'192.0.2.9',1100000400,'','Buy now','<r>Buy at <URL url="http://spam.example/">http://spam.example/</URL></r>','',0,0,0,0,'',0),
(15,1,2,77,'192.0.2.9',1100000500,'Gone Girl','','<r><QUOTE author="Buyer" post_id="14"><s>[quote]</s>Buy<e>[/quote]</e></QUOTE>No.</r>','',0,0,1,0,'',0),
(16,1,2,1,'192.0.2.9',99,'','','<t>From 1970, by nobody</t>','',0,0,1,0,'',0),
(40,4,2,5,'192.0.2.9',1100002000,'','Waits as a whole','<t>Hidden until let in</t>','',0,0,0,0,'',0),
(50,5,5,2,'192.0.2.9',1100003000,'','Who is banned next','<t>A secret of the staff</t>','',0,0,1,0,'',0),
(60,6,2,2,'192.0.2.9',1100004000,'','The oldest storage','[quote=&quot;O\'Brien &lt;b&gt;&quot;:1a2b3c4d]1. no list[/quote:1a2b3c4d]\nOld [b:1a2b3c4d]bold[/b:1a2b3c4d] and [b]not a mark[/b] &amp; &lt;i&gt;\n<!-- l --><a class=\"postlink-local\" href=\"http://old.example/board/viewtopic.php?t=1&amp;start=1\">viewtopic.php?t=1&amp;start=1</a><!-- l --> <!-- s:) --><img src=\"{SMILIES_PATH}/smile.gif\" alt=\":)\" /><!-- s:) -->\n[list=1:1a2b3c4d][*:1a2b3c4d]one[/*:m:1a2b3c4d][*:1a2b3c4d]two[/*:m:1a2b3c4d][/list:o:1a2b3c4d][code:1a2b3c4d]if (a &lt; b) {\n    [b]x[/b]\n}[/code:1a2b3c4d]','1a2b3c4d',0,0,1,0,'',0),
(61,6,2,4,'192.0.2.9',1100004100,'','Re: The oldest storage','[quote=&quot;admin&quot;:1a2b3c4d]Old bold and [b]not a mark[/b][/quote:1a2b3c4d]\nI agree.','1a2b3c4d',0,0,1,0,'',0),
(90,9,2,4,'192.0.2.9',1100004100,'','Of no topic','<t>Stray</t>','',0,0,1,0,'',0);
INSERT INTO `old_attachments` (`attach_id`,`post_msg_id`,`in_message`,`is_orphan`,`physical_filename`,`real_filename`,`attach_comment`,`filesize`) VALUES
(1,11,0,0,'3_aaaa','../../etc/passwd','',9),(2,11,0,0,'3_bbbb','plan &amp; ‮gnp.exe','A <b>plan</b>',9),
(3,11,0,0,'../secret','x.txt','',9),(4,12,0,0,'3_cccc','hidden.txt','',9),(5,50,0,0,'3_dddd','staff.txt','',9),
(6,11,0,1,'3_eeee','orphan.txt','',9),(7,1,1,0,'3_ffff','private.txt','',9),(8,13,0,0,'3_hhhh','taken-back.txt','',9);
INSERT INTO `old_poll_options` VALUES (1,1,'<t>Yes &amp; no</t>',2);
INSERT INTO `old_poll_options` (`poll_option_id`,`topic_id`,`poll_option_text`,`poll_option_total`) VALUES (1,1,'<t>Yes &amp; no</t>',2),(2,1,'Never',0);
INSERT INTO `old_poll_votes` (`topic_id`,`poll_option_id`,`vote_user_id`,`vote_user_ip`) VALUES (1,1,3,'192.0.2.1'),(1,1,1,'192.0.2.2'),(1,1,1,'192.0.2.3');
INSERT INTO `old_privmsgs` (`msg_id`,`root_level`,`author_id`,`author_ip`,`message_time`,`message_subject`,`message_text`,`bbcode_uid`,`to_address`,`bcc_address`) VALUES
(1,0,3,'192.0.2.1',1100000000,'Hush &amp; hush','<r>A <B><s>[b]</s>secret<e>[/b]</e></B></r>','','u_4:g_5','');
INSERT INTO `old_privmsgs_to` (`msg_id`,`user_id`,`author_id`,`folder_id`,`pm_unread`) VALUES (1,4,3,0,1);
