import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ingest', '0007_run_brought'),
    ]

    operations = [
        migrations.CreateModel(
            name='HostedOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('repository', models.CharField(help_text='On the hub, in lower case.', max_length=200)),
                ('listing', models.CharField(help_text='What the place calls the model.', max_length=200)),
                ('host', models.CharField(max_length=80)),
                ('status', models.CharField(blank=True, help_text='As the place says it.', max_length=20)),
                ('since_at', models.DateTimeField(help_text='First seen.')),
                ('seen_at', models.DateTimeField(help_text='Last seen.')),
                ('ends_on', models.DateField(blank=True, help_text='Announced end.', null=True)),
                ('ended_on', models.DateField(blank=True, help_text='First day on which it was not offered any more.', null=True)),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='ingest.feed')),
            ],
        ),
        migrations.CreateModel(
            name='HostedPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_at', models.DateTimeField()),
                ('prompt', models.DecimalField(blank=True, decimal_places=18, max_digits=30, null=True)),
                ('completion', models.DecimalField(blank=True, decimal_places=18, max_digits=30, null=True)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='ingest.hostedoffer')),
            ],
        ),
        migrations.AddIndex(
            model_name='hostedoffer',
            index=models.Index(fields=['repository'], name='offer_repository'),
        ),
        migrations.AddConstraint(
            model_name='hostedoffer',
            constraint=models.UniqueConstraint(fields=('feed', 'listing', 'host'), name='offer_once'),
        ),
        migrations.AddConstraint(
            model_name='hostedprice',
            constraint=models.UniqueConstraint(fields=('offer', 'since_at'), name='price_once_a_moment'),
        ),
    ]
